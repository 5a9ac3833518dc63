import { useCallback, useEffect, useRef, useState } from 'react';
import { StaleTag } from '../bars/stale.js';
import { openGroup, useDesk } from '../desk/desk.js';
import { count, localTime } from '../i18n/times.js';
import { Key } from '../keyboard/key.js';
import { Mark } from '../mark/mark.js';
import { useNames } from '../people/names.js';
import { Age, Ltr } from './age.js';
import type { Group } from './flood.js';
import { ListHead } from './list-head.js';
import { RowList } from './row-list.js';
import { useToken } from './use-token.js';
import { useWindow } from './use-window.js';
import { useView } from './view.js';
import { categoryOf, headed, useWords } from './words.js';

/** More than a person can read: every S1 one by one, fenced; the rest grouped by site and cause, and said to be. */
export function FloodQueue(): React.JSX.Element {
  const { t } = useWords();
  const view = useView();
  const [shown, setShown] = useState(0);
  const lane = Math.min(view.lane.length, 8);
  const told = useCallback((n: number) => setShown(n), []);
  const grouped = view.counts.open - view.lane.length;
  return (
    <>
      <FloodHead shown={lane + shown} />
      <ListHead name={t('flood.lane')} n={view.lane.length}>
        {view.counts.oldestUntaken && (
          <>
            {t('queue.next')} <Key of="KeyG" />
          </>
        )}
      </ListHead>
      <RowList list="lane" label={t('flood.lane')} rows={view.lane} className="lane-rows" />
      <ListHead name={t('flood.groups', { n: count(grouped) })} n={view.groups.length}>
        {t('flood.order')}
      </ListHead>
      <GroupList groups={view.groups} onShown={told} />
    </>
  );
}

/** The truth about the list, as high as the calm head: it turns without moving a row. */
export function FloodHead({ shown }: { shown: number | null }): React.JSX.Element {
  const { t } = useWords();
  const { flood, counts } = useView();
  return (
    <header className="flood-head inverse">
      <strong>{t('flood.since', { time: localTime(flood?.since ?? 0) })}</strong>
      <StaleTag />
      <strong className="head-end">
        {shown === null
          ? t('flood.open', { of: count(counts.open) })
          : t('flood.showing', { n: count(shown), of: count(counts.open) })}
      </strong>
    </header>
  );
}

function GroupList({ groups, onShown }: { groups: readonly Group[]; onShown: (n: number) => void }): React.JSX.Element {
  const { t } = useWords();
  const box = useRef<HTMLDivElement>(null);
  const height = useToken('--row-compact', 36);
  const { from, to, first, last } = useWindow(box, height, groups.length);
  const inSight = Math.max(0, last - first + 1);
  useEffect(() => onShown(inSight), [inSight, onShown]);
  const open = useDesk((s) => s.group);
  return (
    <div className="rows-room">
      <div ref={box} className="rows group-rows" role="listbox" aria-label={t('flood.groupsName')} tabIndex={0}>
        <div className="rows-inner" role="presentation" style={{ blockSize: groups.length * height }}>
          {groups.slice(from, to).map((group, n) => (
            <div
              key={group.key}
              role="presentation"
              className="rows-slot"
              style={{ insetBlockStart: (from + n) * height }}
            >
              <GroupRow group={group} selected={open === group.key} />
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}

function GroupRow({ group, selected }: { group: Group; selected: boolean }): React.JSX.Element {
  const { t } = useWords();
  const names = useNames();
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: focus stays on the list
    <div
      role="option"
      aria-selected={selected}
      className={`group-row${selected ? ' selected' : ''}`}
      onPointerDown={(e) => e.button === 0 && openGroup(group.key)}
    >
      <Mark grade={group.grade} look={group.untaken > 0 ? 'filled' : 'outlined'} size={20} />
      <span className="second">{t(`word.severity.${group.grade === 'sys' ? 'system' : group.severity}`)}</span>
      <Ltr className="group-n">{count(group.rows.length)}</Ltr>
      <span className="clip">
        <strong>{headed(categoryOf(t, group.category))}</strong> <Ltr>{names.siteCode(group.site)}</Ltr>{' '}
        {names.siteName(group.site)}
      </span>
      <span className="second end">{t('count.untaken', { n: count(group.untaken) })}</span>
      <Age since={group.oldest.openedAt} className="second end" />
    </div>
  );
}
