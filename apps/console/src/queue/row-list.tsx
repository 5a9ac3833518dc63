import { useEffect, useRef } from 'react';
import { useDesk } from '../desk/desk.js';
import type { Incident } from '../wire.js';
import { Row } from './row.js';
import { useToken } from './use-token.js';
import { showSlot, useWindow } from './use-window.js';

interface Props {
  readonly list: string;
  readonly label: string;
  readonly rows: readonly Incident[];
  readonly className?: string;
  /** Told which rows stand on the screen (1-based), so that "rows 1-7 of 35" is true. */
  readonly onRange?: (from: number, to: number) => void;
}

/** A list of rows of one height: only those in sight are in the document, whatever the flood. */
export function RowList({ list, label, rows, className, onRange }: Props): React.JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const height = useToken('--row', 44);
  const { from, to, first, last } = useWindow(box, height, rows.length);
  const selected = useDesk((s) => s.selected);
  const slot = rows.findIndex((row) => row.id === selected);
  useFollow(box, selected, slot, height);
  useEffect(() => onRange?.(first, last), [first, last, onRange]);
  return (
    <div
      ref={box}
      className={`rows ${className ?? ''}`}
      role="listbox"
      aria-label={label}
      tabIndex={0}
      {...(slot >= from && slot < to ? { 'aria-activedescendant': `row-${selected}` } : {})}
    >
      <div className="rows-inner" role="presentation" style={{ blockSize: rows.length * height }}>
        {rows.slice(from, to).map((row, n) => (
          <div key={row.id} role="presentation" className="rows-slot" style={{ insetBlockStart: (from + n) * height }}>
            <Row incident={row} list={list} slot={from + n} of={rows.length} />
          </div>
        ))}
      </div>
    </div>
  );
}

/** A row that the hand has just chosen comes into sight; what arrives later scrolls nothing. */
function useFollow(
  box: React.RefObject<HTMLElement | null>,
  selected: string | null,
  slot: number,
  height: number,
): void {
  const followed = useRef<string | null>(null);
  const byHand = useDesk((s) => !s.auto);
  useEffect(() => {
    const chosen = byHand ? selected : null;
    if (slot >= 0 && chosen !== null && followed.current !== chosen && box.current) showSlot(box.current, slot, height);
    followed.current = chosen;
  }, [box, byHand, height, selected, slot]);
}
