/** `work` may tell how much is done, from 0 to 1; it returns the detail for the stage's line. */
export function stage(name: string, work: (progress: (done: number) => void) => Promise<string>): Promise<void>;
