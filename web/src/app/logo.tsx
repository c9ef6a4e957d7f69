export function Logo({ size = 20 }: { size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      aria-hidden="true"
      fill="none"
      strokeLinejoin="round"
      strokeLinecap="round"
    >
      <rect x="1" y="1" width="18" height="18" rx="5" fill="var(--ns-text)" />
      <path d="M5 13.500 10 16l5-2.500M5 10l5 2.500L15 10" stroke="var(--ns-bg)" strokeWidth="1.6" opacity=".55" />
      <path d="m10 4 5 2.500L10 9 5 6.500z" fill="var(--ns-bg)" />
    </svg>
  );
}
