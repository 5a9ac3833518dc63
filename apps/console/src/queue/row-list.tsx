import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { useDesk } from '../desk/desk.js';
import type { Incident } from '../wire.js';
import { Row } from './row.js';
import { useToken } from './use-token.js';

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
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => height,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 1,
  });
  useEffect(() => virtual.measure(), [height, virtual]);
  const selected = useDesk((s) => s.selected);
  const slot = rows.findIndex((row) => row.id === selected);
  const byHand = useDesk((s) => !s.auto);
  useEffect(() => {
    if (slot >= 0 && byHand) virtual.scrollToIndex(slot, { align: 'auto' });
  }, [selected, byHand]);
  useRange(virtual.scrollOffset ?? 0, virtual.scrollRect?.height ?? 0, height, rows.length, onRange);
  return (
    <div
      ref={box}
      className={`rows ${className ?? ''}`}
      role="listbox"
      aria-label={label}
      tabIndex={0}
      {...(slot >= 0 ? { 'aria-activedescendant': `row-${selected}` } : {})}
    >
      <div className="rows-inner" role="presentation" style={{ blockSize: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const row = rows[item.index];
          return row ? (
            <div key={item.key} role="presentation" className="rows-slot" style={{ insetBlockStart: item.start }}>
              <Row incident={row} list={list} slot={item.index} of={rows.length} />
            </div>
          ) : null;
        })}
      </div>
    </div>
  );
}

function useRange(scroll: number, seen: number, height: number, of: number, told: Props['onRange']): void {
  const from = of === 0 ? 0 : Math.floor((scroll + height / 2) / height) + 1;
  const to = Math.min(of, Math.floor((scroll + seen + height / 8) / height));
  useEffect(() => told?.(from, to), [from, to, told]);
}
