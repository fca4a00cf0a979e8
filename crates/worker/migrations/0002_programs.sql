-- Published programs: every version of a shop's rules, as its author wrote it and as it is evaluated.
--
-- KV holds the documents that are read on the hot path; this is where they come from, so what KV has lost or
-- not got is put there again. An entry names the version and digest that decided it, and finds both here.

CREATE TABLE programs (
  shop TEXT NOT NULL REFERENCES shops (shop),
  -- As the author counts.
  version INTEGER NOT NULL CHECK (version BETWEEN 1 AND 4294967295),
  -- Of the document, as it says itself.
  digest TEXT NOT NULL CHECK (
    length(digest) = 71 AND digest GLOB 'sha256:*' AND substr(digest, 8) NOT GLOB '*[^0-9a-f]*'
  ),
  published_at INTEGER NOT NULL,
  -- The program file, TOML, with its comments.
  source TEXT NOT NULL CHECK (length(source) > 0),
  -- What it was compiled to, canonical JSON. A WITHOUT ROWID row keeps what is large in its own pages, so the
  -- list of versions does not read these two.
  document TEXT NOT NULL CHECK (
    json_extract(document, '$.version') IS version AND json_extract(document, '$.digest') IS digest
  ),
  PRIMARY KEY (shop, version)
) STRICT, WITHOUT ROWID;

-- A version is what it was, for good: entries and previews name it.
CREATE TRIGGER programs_are_never_edited BEFORE UPDATE ON programs
BEGIN
  SELECT RAISE(ABORT, 'a published version is never edited: count the version up');
END;

CREATE TRIGGER programs_are_never_deleted BEFORE DELETE ON programs
BEGIN
  SELECT RAISE(ABORT, 'a published version is never deleted');
END;

-- The newest version is the one in force, so none slips in below it.
CREATE TRIGGER programs_count_upwards BEFORE INSERT ON programs
WHEN EXISTS (SELECT 1 FROM programs WHERE shop = NEW.shop AND version > NEW.version)
BEGIN
  SELECT RAISE(ABORT, 'another writer was first: a newer version has been published');
END;
