import { useEffect } from 'react';
import { create } from 'zustand';
import { fetchClosed } from '../api/incidents.js';
import { Refused } from '../api/http.js';
import { age, localMinute } from '../i18n/times.js';
import { ms } from '../live/clock.js';
import { onFresh } from '../live/store.js';
import { placeOf, useNames } from '../people/names.js';
import type { Incident } from '../wire.js';
import { Ltr } from './age.js';
import { ListHead } from './list-head.js';
import { gradeWord, useWords } from './words.js';

/** The latest that are closed: read once when the queue is empty, and when one more closes. */
export const useClosed = create<{ rows: readonly Incident[]; failed: boolean }>(() => ({ rows: [], failed: false }));

export async function loadClosed(): Promise<void> {
  try {
    const rows = [...(await fetchClosed(12))].sort(
      (a, b) => ms(b.closedAt ?? b.openedAt) - ms(a.closedAt ?? a.openedAt),
    );
    useClosed.setState({ rows, failed: false });
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    useClosed.setState({ failed: true });
  }
}

export function ClosedList(): React.JSX.Element {
  const { t } = useWords();
  const { rows, failed } = useClosed();
  useEffect(() => {
    void loadClosed();
    return onFresh((events) => events.some((e) => e.type === 'incident.closed') && void loadClosed());
  }, []);
  return (
    <>
      <ListHead name={t('queue.closed')} n={rows.length}>
        {rows.length > 0 && t('queue.newest')}
      </ListHead>
      <ul className="closed-rows">
        {failed && <li className="second pad">{t('state.closedFailed')}</li>}
        {rows.map((row) => (
          <Closed key={row.id} row={row} />
        ))}
      </ul>
    </>
  );
}

function Closed({ row }: { row: Incident }): React.JSX.Element {
  const { t, title } = useWords();
  const names = useNames();
  const place = placeOf(row, names);
  const end = ms(row.closedAt ?? row.openedAt);
  return (
    <li className="row closed">
      <span />
      <div className="row-age">
        <Ltr className="age">{localMinute(end)}</Ltr>
        <span className="second">{gradeWord(t, row)}</span>
      </div>
      <div className="row-what">
        <bdi className="name">{title(row)}</bdi>
        <span className="second clip">
          <Ltr>{place.code}</Ltr> {[place.name, place.zone].filter(Boolean).join(' · ')}
        </span>
      </div>
      <div className="row-who">
        <span className="clip">{names.person(row.owner) || '—'}</span>
        <span className="second clip">
          {[row.disposition ? t(`word.disposition.${row.disposition}`) : '', age(end - ms(row.openedAt))]
            .filter(Boolean)
            .join(', ')}
        </span>
      </div>
    </li>
  );
}
