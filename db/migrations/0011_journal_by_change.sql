-- A run has one change, and the journal's key begins with it: what looked lines up by their run looks them up by that. Each
-- line that is sent costs one index less.
drop index journal_run;
