/** What both clients are given, as a file. `platform` is ntc-templates' name; each figure is measured over `seconds` of CPU. */
export type Job = {
  folder: string;
  seconds: number;
  samples: { platform: string; command: string; template: string; output: string }[];
};
