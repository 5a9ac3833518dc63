import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState } from 'react';
import { StaleTag } from '../bars/stale.js';
import { localTime } from '../i18n/times.js';
import { ms } from '../live/clock.js';
import { useNames } from '../people/names.js';
import { Ltr } from '../queue/age.js';
import { useToken } from '../queue/use-token.js';
import { useWords } from '../queue/words.js';
import type { Incident, LiveEvent } from '../wire.js';
import { loadEvents, useRecord } from './record.js';
import { lineOf, marksOf } from './sentence.js';

/** Steps of the machine that say nothing a person would do otherwise; shown when everything is asked for. */
const minor = new Set(['notification.queued', 'notification.sent', 'alert.duplicate', 'incident.extended']);

/** The log of the incident, newest first, live. */
export function Timeline({ incident }: { incident: Incident }): React.JSX.Element {
  const { t } = useWords();
  const open = useRecord((s) => (s.open?.id === incident.id ? s.open : null));
  const [all, setAll] = useState(false);
  const events = open?.events ?? [];
  const marks = useMemo(() => marksOf(events), [events]);
  const rows = useMemo(() => events.filter((e) => all || !minor.has(e.type)).reverse(), [events, all]);
  return (
    <section className="timeline" aria-label={t('timeline.name')}>
      <h2>
        {t('timeline.name')} <Ltr className="head-n">{events.length}</Ltr>
        <StaleTag />
        <button type="button" className="plain head-end" aria-pressed={all} onClick={() => setAll(!all)}>
          {t(all ? 'timeline.less' : 'timeline.all', { n: events.length - rows.length })}
        </button>
      </h2>
      {open?.eventsAt === 'failed' ? (
        <p className="fault">
          {t('state.logFailed')}{' '}
          <button type="button" className="verb small" onClick={() => void loadEvents(incident.id)}>
            {t('act.again')}
          </button>
        </p>
      ) : (
        <Lines rows={rows} marks={marks} />
      )}
    </section>
  );
}

function Lines({ rows, marks }: { rows: readonly LiveEvent[]; marks: ReadonlyMap<number, string> }): React.JSX.Element {
  const { t } = useWords();
  const box = useRef<HTMLDivElement>(null);
  const height = useToken('--row-time', 24);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => height,
    getItemKey: (n) => rows[n]?.seq ?? n,
    overscan: 2,
  });
  useEffect(() => virtual.measure(), [height, virtual]);
  return (
    <div ref={box} className="timeline-rows" role="log" aria-live="off" aria-label={t('timeline.name')} tabIndex={0}>
      <div className="rows-inner" style={{ blockSize: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const event = rows[item.index];
          return event ? (
            <div key={item.key} ref={virtual.measureElement} data-index={item.index} className="rows-slot" style={{ insetBlockStart: item.start }}>
              <TimelineLine event={event} mark={marks.get(event.seq) ?? ''} />
            </div>
          ) : null;
        })}
      </div>
    </div>
  );
}

function TimelineLine({ event, mark }: { event: LiveEvent; mark: string }): React.JSX.Element {
  const { t } = useWords();
  const names = useNames();
  const { who, what } = lineOf(t, event, names);
  return (
    <div className="time-line">
      <Ltr className="quiet">{localTime(ms(event.at))}</Ltr>
      <Ltr className="t-mark">{mark}</Ltr>
      <bdi className="quiet clip">{who}</bdi>
      <span className={event.type === 'note.added' ? 'reading' : ''} dir={event.type === 'note.added' ? 'auto' : undefined}>
        {what}
      </span>
    </div>
  );
}
