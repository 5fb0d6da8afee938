import { iconPaths } from './icon-paths.gen.ts';

export type IconName = keyof typeof iconPaths;

/** A picture that goes with a word; alone it needs a labelled parent, so it is hidden from assistive technology. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.75}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
      className="fh-icon"
    >
      <path d={iconPaths[name]} />
    </svg>
  );
}
