/** `g d` → G, D; `mod+s` → Ctrl, S: as they stand on the keys. */
export const keyWords = (keys: string): string[] =>
  keys
    .split(/[ +]/)
    .map((key) =>
      key === "mod"
        ? "Ctrl"
        : key === "enter"
          ? "↵"
          : key === "escape"
            ? "Esc"
            : key.length === 1
              ? key.toUpperCase()
              : key.charAt(0).toUpperCase() + key.slice(1),
    );
