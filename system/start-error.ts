/** A reason not to start that the person at the terminal can mend: one sentence with cause and way out, shown without a stack. */
export class StartError extends Error {
  override name = "StartError";
}

/** The code of an error of the operating system (`ENOENT`, `EACCES`, …), if it is one. */
export function systemErrorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

const FILE_TROUBLE: Record<string, string> = {
  EACCES: "this user may not write there",
  EPERM: "this user may not write there",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EEXIST: "it is a file, not a folder",
  ENOTDIR: "a part of its path is a file, not a folder",
  ENOENT: "its path does not exist and cannot be made",
  EMFILE: "too many files are open",
};

/** What a failed write to the data folder means to the person who started; anything unknown stays the bug it is. */
export function explainDataFolderError(error: unknown, dataDir: string): unknown {
  const trouble = FILE_TROUBLE[systemErrorCode(error) ?? ""];
  if (trouble === undefined) return error;
  return new StartError(
    `The data folder ${dataDir} cannot be used because ${trouble}; free it, or name another folder in NETSTACKS_DATA_DIR.`,
    { cause: error },
  );
}
