import { Modal, createTheme, type CSSVariablesResolver } from "@mantine/core";

const inPlace = { withinPortal: false, floatingStrategy: "fixed" };

export const theme = createTheme({
  primaryColor: "iris",
  primaryShade: { light: 7, dark: 6 },
  autoContrast: true,
  defaultRadius: 6,
  cursorType: "pointer",
  respectReducedMotion: true,
  fontFamily: '"Inter Variable",system-ui,sans-serif',
  fontFamilyMonospace: '"JetBrains Mono Variable",ui-monospace,monospace',
  fontSizes: { xs: "11.5px", sm: "12px", md: "13px", lg: "15px", xl: "18px" },
  spacing: { xs: "6px", sm: "8px", md: "12px", lg: "14px", xl: "20px" },
  colors: {
    iris: [
      "#ececfb",
      "#dadaf7",
      "#bfbef1",
      "#a3a0fa",
      "#8481ec",
      "#6d6ae2",
      "#5a57d6",
      "#4a47c6",
      "#3d3aa8",
      "#302e86",
    ],
    red: ["#fde8e7", "#f9d0ce", "#f3b3b0", "#ff8f8a", "#ef5a57", "#d6383a", "#c82f31", "#b42325", "#96191b", "#7a1214"],
    dark: [
      "#e9ebee",
      "#bcc3cb",
      "#a0a8b1",
      "#6c757f",
      "#2a2f36",
      "#1b1f25",
      "#1d2127",
      "#15181c",
      "#0e1013",
      "#0a0c0e",
    ],
  },
  components: {
    Button: { defaultProps: { variant: "default", size: "sm" } },
    ActionIcon: { defaultProps: { variant: "subtle", color: "gray", size: 28 } },
    Modal: Modal.extend({
      defaultProps: {
        centered: true,
        overlayProps: { backgroundOpacity: 0.35 },
        closeButtonProps: { "aria-label": "Close" },
      },
    }),
    // Lists that open stay inside the landmark or dialog they belong to; fixed, so that nothing cuts them off.
    Menu: { defaultProps: { ...inPlace, withInitialFocusPlaceholder: false } },
    Select: { defaultProps: { comboboxProps: inPlace } },
    MultiSelect: { defaultProps: { comboboxProps: inPlace } },
    Autocomplete: { defaultProps: { comboboxProps: inPlace } },
    TagsInput: { defaultProps: { comboboxProps: inPlace } },
    Tooltip: { defaultProps: { openDelay: 300, events: { hover: true, focus: true, touch: false } } },
    Checkbox: { defaultProps: { size: "xs" } },
  },
});

export const cssVariables: CSSVariablesResolver = () => ({
  variables: { "--mantine-line-height": "1.45" },
  light: {
    "--mantine-color-dimmed": "#5c636b",
    "--mantine-color-placeholder": "#5c636b",
    "--mantine-color-anchor": "#4a47c6",
    "--mantine-color-default-border": "#e0e4e9",
    "--mantine-color-default-hover": "#f3f5f8",
    "--mantine-color-error": "#b42325",
    "--mantine-color-gray-6": "#5c636b",
    "--mantine-color-text": "#14181d",
    "--mantine-color-body": "#ffffff",
    "--mantine-color-disabled": "#f0f2f5",
    "--mantine-color-disabled-color": "#5c636b",
  },
  dark: {
    "--mantine-color-dimmed": "#a0a8b1",
    "--mantine-color-placeholder": "#a0a8b1",
    "--mantine-color-anchor": "#a3a0fa",
    "--mantine-color-default": "#15181c",
    "--mantine-color-default-border": "#2a2f36",
    "--mantine-color-default-hover": "#1b1f25",
    "--mantine-color-error": "#ff8f8a",
    "--mantine-color-text": "#e9ebee",
    "--mantine-color-body": "#15181c",
    "--mantine-color-disabled": "#1d2127",
    "--mantine-color-disabled-color": "#a0a8b1",
  },
});
