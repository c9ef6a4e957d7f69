-- What a worker measured, every few seconds: the API shows it with its own, so that one scrape sees the whole platform.
alter table workers add column metrics text;
