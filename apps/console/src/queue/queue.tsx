import { useCallback, useState } from 'react';
import { StaleTag } from '../bars/stale.js';
import { count } from '../i18n/times.js';
import { Key } from '../keyboard/key.js';
import { useStale } from '../live/clock.js';
import { useLive } from '../live/store.js';
import { Ltr } from './age.js';
import { ClosedList } from './closed-list.js';
import { FloodHead, FloodQueue } from './flood-queue.js';
import { ListHead } from './list-head.js';
import { Loading } from './loading.js';
import { NoAlarms } from './no-alarms.js';
import { RowList } from './row-list.js';
import { useView } from './view.js';
import { useWords } from './words.js';

/** The live queue: untaken, mine, taken; in a flood the S1 lane and groups. */
export function Queue(): React.JSX.Element {
  const { t } = useWords();
  const { flood, grouped } = useView();
  const loaded = useLive((s) => s.loaded);
  const stale = useStale() >= 0;
  return (
    <section className={`queue pane${stale ? ' is-stale' : ''}`} aria-label={t('queue.name')} data-region="queue">
      {grouped ? null : flood ? (
        <FloodHead shown={null} />
      ) : (
        <header className="pane-head">
          <h2>{t('queue.name')}</h2>
          <span className="quiet">{t('queue.order')}</span>
          <StaleTag />
        </header>
      )}
      {!loaded ? <Loading /> : grouped ? <FloodQueue /> : <Calm />}
      <Folded />
    </section>
  );
}

function Calm(): React.JSX.Element {
  const { t } = useWords();
  const lists = useView((s) => s.lists);
  const none = lists.untaken.length + lists.mine.length + lists.taken.length === 0;
  return (
    <>
      <ListHead name={t('queue.untaken')} n={lists.untaken.length}>
        {lists.untaken.length > 0 && (
          <>
            {t('queue.next')} <Key of="KeyG" />
          </>
        )}
      </ListHead>
      <div className="band">
        {none ? (
          <NoAlarms />
        ) : (
          <RowList list="untaken" label={t('queue.untaken')} rows={lists.untaken} className="band-rows" />
        )}
      </div>
      {none ? <ClosedList /> : <TakenLists />}
    </>
  );
}

function TakenLists(): React.JSX.Element {
  const { t } = useWords();
  const { mine, taken } = useView((s) => s.lists);
  const [range, setRange] = useState<readonly [number, number]>([0, 0]);
  const told = useCallback((from: number, to: number) => setRange([from, to]), []);
  return (
    <>
      <ListHead name={t('queue.mine')} n={mine.length} />
      <RowList list="mine" label={t('queue.mine')} rows={mine} className="mine-rows" />
      <ListHead name={t('queue.taken')} n={taken.length}>
        {range[1] > 0 && t('queue.rows', { from: range[0], to: range[1], of: count(taken.length) })}
      </ListHead>
      <div className="rows-room">
        <RowList list="taken" label={t('queue.taken')} rows={taken} className="taken-rows" onRange={told} />
      </div>
    </>
  );
}

/** What is out of the way but never out of the count. */
function Folded(): React.JSX.Element {
  const { t } = useWords();
  const resolved = useView((s) => s.lists.resolved);
  const [open, setOpen] = useState(false);
  return (
    <div className={`folded${open && resolved.length > 0 ? ' open' : ''}`}>
      <button type="button" className="fold" aria-expanded={open} onClick={() => setOpen(!open)}>
        <h3>{t('queue.resolved')}</h3>
        <Ltr className="head-n">{count(resolved.length)}</Ltr>
        <span className="head-end">{resolved.length > 0 && t(open ? 'queue.fold' : 'queue.unfold')}</span>
      </button>
      {open && resolved.length > 0 && (
        <RowList list="resolved" label={t('queue.resolved')} rows={resolved} className="resolved-rows" />
      )}
    </div>
  );
}
