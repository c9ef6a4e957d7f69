-- Each row of the journal is written twice: when its line is sent, and when it is answered. With room on its page the
-- second write touches no index.
alter table journal set (fillfactor = 50);
