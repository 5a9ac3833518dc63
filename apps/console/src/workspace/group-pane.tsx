import { Verb } from '../acts/verb.js';
import { useHand } from '../acts/use-hand.js';
import { useDesk } from '../desk/desk.js';
import { count, localTime } from '../i18n/times.js';
import { ms } from '../live/clock.js';
import { Mark } from '../mark/mark.js';
import { useNames } from '../people/names.js';
import { Age, Ltr } from '../queue/age.js';
import type { Group } from '../queue/flood.js';
import { lookOf } from '../queue/row.js';
import { choose, useView } from '../queue/view.js';
import { categoryOf, response, titleOf, useWords } from '../queue/words.js';
import type { Incident } from '../wire.js';
import { Arrivals } from './arrivals.js';
import { takeGroup, useTaking } from './take-group.js';

/** One group of a flood: what is in it, what is left out of it, and one button that says how many and no S1. */
export function GroupPane(): React.JSX.Element | null {
  const key = useDesk((s) => s.group);
  const group = useView((s) => s.groups.find((g) => g.key === key) ?? null);
  const { t } = useWords();
  if (!group) return <p className="second pad">{t('group.gone')}</p>;
  return (
    <div className="workspace">
      <div className="workspace-scroll">
        <Head group={group} />
        <Arrivals />
        <Contents rows={group.rows} />
        <LeftOut site={group.site} />
        <section className="if-taken">
          <h2>{t('group.ifTaken')}</h2>
          <p>{t('group.ifTaken1', { n: count(group.untaken) })}</p>
          <p className="second">{t('group.ifTaken2', { n: count(group.untaken) })}</p>
        </section>
      </div>
      <Foot group={group} />
    </div>
  );
}

function Head({ group }: { group: Group }): React.JSX.Element {
  const { t } = useWords();
  const names = useNames();
  const times = group.rows.map((i) => ms(i.openedAt));
  return (
    <header className="incident-head">
      <div className="head-mark">
        <Mark grade={group.grade} look={group.untaken > 0 ? 'filled' : 'outlined'} size={56} />
      </div>
      <div className="head-text">
        <h1>{t('group.title', { category: categoryOf(t, group.category) })}</h1>
        <p className="where">
          <Ltr>{names.siteCode(group.site)}</Ltr> {names.siteName(group.site)}
        </p>
        <p className="second story">
          {t('group.story', { first: localTime(Math.min(...times)), last: localTime(Math.max(...times)) })}
        </p>
      </div>
      <div className="head-since">
        <Ltr className="since">{count(group.rows.length)}</Ltr>
        <span className="second">{t('count.untaken', { n: count(group.untaken) })}</span>
      </div>
    </header>
  );
}

/** The same event many times is one line with its count, its first and its last. */
function Contents({ rows }: { rows: readonly Incident[] }): React.JSX.Element {
  const { t } = useWords();
  const by = new Map<string, number[]>();
  for (const i of rows) by.set(i.title, [...(by.get(i.title) ?? []), ms(i.openedAt)]);
  const lines = [...by].sort((a, b) => Math.min(...a[1]) - Math.min(...b[1]));
  return (
    <section className="contents">
      <h2>{t('group.what')}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('group.event')}</th>
            <th scope="col">{t('group.count')}</th>
            <th scope="col">{t('group.first')}</th>
            <th scope="col">{t('group.last')}</th>
          </tr>
        </thead>
        <tbody>
          {lines.slice(0, 8).map(([title, times]) => (
            <tr key={title}>
              <th scope="row">
                <bdi>{titleOf(t, title)}</bdi>
              </th>
              <td>{count(times.length)}</td>
              <td>{localTime(Math.min(...times))}</td>
              <td>{localTime(Math.max(...times))}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {lines.length > 8 && <p className="second">{t('group.more', { n: lines.length - 8 })}</p>}
    </section>
  );
}

function LeftOut({ site }: { site: string | null }): React.JSX.Element | null {
  const { t, title } = useWords();
  const names = useNames();
  const lane = useView((s) => s.lane).filter((i) => i.site === site);
  if (lane.length === 0) return null;
  return (
    <section className="look-alike">
      <h2>
        {t('group.leftOut')} <span className="quiet">{t('group.leftOutNote', { n: lane.length })}</span>
      </h2>
      {lane.slice(0, 4).map((i) => (
        <div key={i.id} className="alike-row">
          <Mark grade="s1" look={lookOf(i)} size={24} />
          <strong>
            <bdi>{title(i)}</bdi>
          </strong>
          <span className="clip">
            {[i.owner ? names.person(i.owner) : t('row.untaken'), response(t, i)].filter(Boolean).join(' · ')}
          </span>
          <Age since={i.openedAt} />
          <Verb small label={t('group.open')} onPress={() => choose(i.id)} />
        </div>
      ))}
    </section>
  );
}

function Foot({ group }: { group: Group }): React.JSX.Element {
  const { t } = useWords();
  const hand = useHand();
  const taking = useTaking();
  const mine = taking.key === group.key;
  return (
    <div className="rail">
      <Verb
        label={
          mine ? t('group.taking', { n: taking.done, of: taking.of }) : t('group.take', { n: count(group.untaken) })
        }
        cap="Enter"
        primary={!hand.stale && group.untaken > 0}
        why={hand.stale ? 'no-link' : group.untaken === 0 ? t('count.allTaken') : null}
        onPress={() => void takeGroup(group.key)}
      />
      {taking.refused > 0 && <span className="second">{t('group.refused', { n: taking.refused })}</span>}
    </div>
  );
}
