import { useState } from 'react';
import { StaleTag } from '../bars/stale.js';
import { count, localTime } from '../i18n/times.js';
import { useNarrow } from '../desk/use-narrow.js';
import { Key } from '../keyboard/key.js';
import { ms } from '../live/clock.js';
import { useNames } from '../people/names.js';
import { Ltr } from '../queue/age.js';
import { useWords } from '../queue/words.js';
import type { Incident, LiveEvent } from '../wire.js';
import { loadEvents, useRecord } from './record.js';
import { lineOf, marksOf } from './sentence.js';

/** Steps of the machine that say nothing a person would do otherwise; shown when everything is asked for. */
const minor = new Set(['notification.queued', 'notification.sent', 'alert.duplicate', 'incident.extended']);
/** Lines painted at first; a log may run to thousands. */
const PAGE = 60;

/** The log of the incident, newest first, live. */
export function Timeline({ incident }: { incident: Incident }): React.JSX.Element {
  const { t } = useWords();
  const open = useRecord((s) => (s.open?.id === incident.id ? s.open : null));
  const narrow = useNarrow();
  const [all, setAll] = useState(false);
  const events = open?.events ?? [];
  const rows = events.filter((e) => all || !minor.has(e.type)).reverse();
  const hidden = events.length - rows.length;
  return (
    <section className="timeline" aria-label={t('timeline.name')}>
      <h2>
        {t('timeline.name')} <Ltr className="head-n">{count(events.length)}</Ltr>
        {!narrow && <Key of="KeyL" />}
        <StaleTag />
        {(hidden > 0 || all) && (
          <button type="button" className="plain head-end" aria-pressed={all} onClick={() => setAll(!all)}>
            {t(all ? 'timeline.less' : 'timeline.all', { n: count(hidden) })}
          </button>
        )}
      </h2>
      {open?.eventsAt === 'failed' ? (
        <p className="fault">
          {t('state.logFailed')}{' '}
          <button type="button" className="verb small" onClick={() => void loadEvents(incident.id)}>
            {t('act.again')}
          </button>
        </p>
      ) : (
        <Lines key={incident.id} rows={rows} marks={marksOf(events)} />
      )}
    </section>
  );
}

function Lines({ rows, marks }: { rows: readonly LiveEvent[]; marks: ReadonlyMap<number, string> }): React.JSX.Element {
  const { t } = useWords();
  const [pages, setPages] = useState(1);
  const left = rows.length - pages * PAGE;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
    <div className="timeline-rows" role="log" aria-live="off" aria-label={t('timeline.name')} tabIndex={0}>
      {rows.slice(0, pages * PAGE).map((event) => (
        <TimelineLine key={event.seq} event={event} mark={marks.get(event.seq) ?? ''} />
      ))}
      {left > 0 && (
        <button type="button" className="plain" onClick={() => setPages(pages + 1)}>
          {t('timeline.older', { n: count(left) })}
        </button>
      )}
    </div>
  );
}

function TimelineLine({ event, mark }: { event: LiveEvent; mark: string }): React.JSX.Element {
  const { t } = useWords();
  const names = useNames();
  const { who, what } = lineOf(t, event, names);
  const isNote = event.type === 'note.added';
  return (
    <div className="time-line">
      <Ltr className="quiet">{localTime(ms(event.at))}</Ltr>
      <Ltr className="t-mark">{mark}</Ltr>
      <bdi className="quiet clip">{who}</bdi>
      {isNote ? (
        <span className="reading" dir="auto">
          {what}
        </span>
      ) : (
        <span>{what}</span>
      )}
    </div>
  );
}
