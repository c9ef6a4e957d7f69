import { useMediaQuery } from "@mantine/hooks";

/** Is this a phone's width (≤ 720 px)? */
export const usePhone = (): boolean =>
  useMediaQuery("(max-width: 720px)", undefined, { getInitialValueInEffect: false }) ?? false;
