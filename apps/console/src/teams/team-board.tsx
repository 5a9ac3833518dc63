import { useState } from 'react';
import { StaleTag } from '../bars/stale.js';
import { useNarrow } from '../desk/use-narrow.js';
import { Key } from '../keyboard/key.js';
import { useStale } from '../live/clock.js';
import { loadTeams, useDirectory } from '../people/directory.js';
import { useNames } from '../people/names.js';
import { Ltr } from '../queue/age.js';
import { choose } from '../queue/view.js';
import { useWords } from '../queue/words.js';
import type { Member, Team } from '../wire.js';
import { byReadiness, engagements, teamState } from './team-state.js';

/** Who can go, who is gone and where: one square per person, the words beside it; a row opens to its people. */
export function TeamBoard(): React.JSX.Element {
  const { t } = useWords();
  const { teams, failed, loaded } = useDirectory();
  const stale = useStale() >= 0;
  const narrow = useNarrow();
  const ready = teams.filter((team) => teamState(team) === 'ready').length;
  return (
    <section className={`teams pane${stale ? ' is-stale' : ''}`} aria-label={t('teams.name')} data-region="teams">
      <header className="pane-head">
        <h2>{t('teams.name')}</h2>
        {!narrow && <Key of="KeyT" />}
        <StaleTag />
        <span className="quiet head-end">{t('teams.ready', { n: ready, of: teams.length })}</span>
      </header>
      {failed.teams && <Failed />}
      {loaded && !failed.teams && teams.length === 0 && <p className="second pad">{t('teams.none')}</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
      <div className="team-rows" tabIndex={0} role="group" aria-label={t('teams.name')}>
        <div className="team-head second" aria-hidden="true">
          <span>{t('teams.team')}</span>
          <span>{t('teams.stateHead')}</span>
          <span className="end">{t('teams.freeHead')}</span>
          <span className="end">{t('teams.people')}</span>
        </div>
        {byReadiness(teams).map((team) => (
          <TeamRow key={team.id} team={team} />
        ))}
        {teams.length > 0 && <p className="second pad">{t('teams.legend')}</p>}
      </div>
    </section>
  );
}

function Failed(): React.JSX.Element {
  const { t } = useWords();
  return (
    <p className="fault pad">
      {t('state.teamsFailed')}{' '}
      <button type="button" className="verb small" onClick={() => void loadTeams()}>
        {t('act.again')}
      </button>
    </p>
  );
}

function TeamRow({ team }: { team: Team }): React.JSX.Element {
  const { t } = useWords();
  const names = useNames();
  const [open, setOpen] = useState(false);
  const state = teamState(team);
  const duty = team.members.filter((m) => m.onDuty);
  const free = duty.filter((m) => !m.assignment);
  return (
    <div className={`team ${state}`}>
      <button type="button" className="team-row" aria-expanded={open} onClick={() => setOpen(!open)}>
        <strong>{names.text(team.name)}</strong>
        <span className="team-state">
          <span className={state === 'ready' ? 'strong' : ''}>{t(`teams.state.${state}`)}</span>
          <Doing team={team} />
        </span>
        <span className="second end">{state === 'off' ? '—' : t('teams.of', { n: free.length, of: duty.length })}</span>
        <Pips members={team.members} />
      </button>
      {open && <People members={team.members} />}
    </div>
  );
}

/** What the team is on: "26-02481, 1 of 3 accepted". */
function Doing({ team }: { team: Team }): React.JSX.Element {
  const { t } = useWords();
  const on = engagements(team);
  if (on.length === 0) return <span className="second clip">{t('teams.members', { count: team.members.length })}</span>;
  return (
    <span className="second clip">
      {on.map(({ incidentId, number, members }) => {
        const gone = members.filter((m) => m.assignment?.state !== 'notified');
        const words = gone.length > 0 ? t(`word.assignment.${gone[0]?.assignment?.state ?? 'accepted'}`) : '';
        return (
          <span key={incidentId}>
            <Ltr>{number}</Ltr>, {t('teams.of', { n: gone.length, of: members.length })} {words}{' '}
          </span>
        );
      })}
    </span>
  );
}

function People({ members }: { members: readonly Member[] }): React.JSX.Element {
  const { t } = useWords();
  const names = useNames();
  return (
    <ul className="team-people">
      {members.map((m) => (
        <li key={m.id}>
          <bdi>{names.text(m.name)}</bdi>
          {m.assignment ? (
            <button type="button" className="plain" onClick={() => choose(m.assignment?.incidentId ?? '')}>
              <Ltr>{m.assignment.number}</Ltr> {t(`word.assignment.${m.assignment.state}`)}
            </button>
          ) : (
            <span className="second">{t(m.onDuty ? 'teams.isFree' : 'teams.isOff')}</span>
          )}
        </li>
      ))}
    </ul>
  );
}

/** Full: on duty and free. Half: on duty, on an incident. Empty: off. The words stand beside it. */
function Pips({ members }: { members: readonly Member[] }): React.JSX.Element {
  return (
    <span className="pips" aria-hidden="true">
      {members.map((m) => (
        <span key={m.id} className={`pip ${m.onDuty ? (m.assignment ? 'half' : 'full') : 'empty'}`} />
      ))}
    </span>
  );
}
