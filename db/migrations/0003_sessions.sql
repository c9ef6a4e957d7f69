-- By which SSH method a device took a password the last time: a password that is sent by another one leaves twice.
alter table devices add column login_method text;
