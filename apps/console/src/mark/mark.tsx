import type { Grade } from '../queue/sections.js';

export type Look = 'filled' | 'outlined' | 'dotted' | 'none';
const shapes: Readonly<Record<Grade, string>> = {
  s1: 'M7.44 1H16.56L23 7.44V16.56L16.56 23H7.44L1 16.56V7.44Z',
  s2: 'M12 1.6L23.4 22.2H.6Z',
  s3: 'M12 .6L23.4 12L12 23.4L.6 12Z',
  s4: 'M23 12A11 11 0 1 1 1 12A11 11 0 1 1 23 12Z',
  sys: 'M2 2H22V22H2Z',
};
/** Digit size and baseline: filled, outlined. */
const digits: Readonly<
  Record<Exclude<Grade, 'sys'>, readonly [text: string, size: number, y: number, smallSize: number, smallY: number]>
> = {
  s1: ['1', 15, 17, 13.5, 16.7],
  s2: ['2', 12.5, 19.6, 9.5, 18.2],
  s3: ['3', 13, 16.5, 11, 15.9],
  s4: ['4', 15, 17, 13.5, 16.7],
};

interface Props {
  readonly grade: Grade;
  readonly look: Look;
  readonly size: number;
  readonly pulse?: boolean;
}

/** Severity as shape + number. The word always stands beside it, so the drawing itself is silent to a reader. */
export function Mark({ grade, look, size, pulse = false }: Props): React.JSX.Element {
  const filled = look === 'filled';
  return (
    <svg
      className={`mark ${look} g-${grade}${pulse ? ' pulse' : ''}`}
      width={size}
      height={size}
      viewBox="0 0 24 24"
      aria-hidden="true"
      focusable="false"
    >
      {filled ? <path className="mark-fill" d={shapes[grade]} /> : <Ring grade={grade} look={look} />}
      {grade === 'sys' ? (
        <path className="mark-cross" d={filled ? CROSS : SMALL_CROSS} />
      ) : (
        <Digit grade={grade} filled={filled} />
      )}
    </svg>
  );
}
const CROSS = 'M6.5 6.5L17.5 17.5M17.5 6.5L6.5 17.5';
const SMALL_CROSS = 'M8 8L16 16M16 8L8 16';

function Ring({ grade, look }: Pick<Props, 'grade' | 'look'>): React.JSX.Element {
  // The triangle shrinks towards its own middle, which lies lower than the box's.
  const middle = grade === 's2' ? '12 15' : '12 12';
  const transform = `translate(${middle}) scale(.87) translate(${middle
    .split(' ')
    .map((n) => -Number(n))
    .join(' ')})`;
  return (
    <g transform={transform}>
      {look !== 'none' && <path className="mark-edge" d={shapes[grade]} />}
      <path className="mark-ring" d={shapes[grade]} />
    </g>
  );
}

function Digit({ grade, filled }: { grade: Exclude<Grade, 'sys'>; filled: boolean }): React.JSX.Element {
  const [text, size, y, smallSize, smallY] = digits[grade];
  return (
    <text
      className="mark-digit"
      x="12"
      y={filled ? y : smallY}
      fontSize={filled ? size : smallSize}
      textAnchor="middle"
    >
      {text}
    </text>
  );
}

/** A raised hand beside the title of duress and panic. */
export function Hand({ size = 24 }: { size?: number }): React.JSX.Element {
  return (
    <svg className="hand" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d="M8 12.5V5.2a1.4 1.4 0 0 1 2.8 0V11 3.4a1.4 1.4 0 0 1 2.8 0V11 4.6a1.4 1.4 0 0 1 2.8 0v7 -4.2a1.4 1.4 0 0 1 2.8 0v7.8c0 4-2.6 6.8-6.4 6.8-2.9 0-4.6-1.2-6-3.6L4.2 14.300a1.5 1.5 0 0 1 2.500-1.600L8 14.500" />
    </svg>
  );
}

/** Two people: an act that is kept apart because it quietens. */
export function TwoPeople(): React.JSX.Element {
  return (
    <svg className="hand" width="22" height="18" viewBox="0 0 22 18" aria-hidden="true" focusable="false">
      <path d="M7 8.500a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM1.500 16c0-3.200 2.200-5 5.500-5s5.500 1.800 5.500 5M15.500 8.800a2.600 2.600 0 1 0-1.300-4.900M15 11.200c3.200 0 5.200 1.700 5.200 4.600" />
    </svg>
  );
}
