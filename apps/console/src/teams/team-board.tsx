import { StaleTag } from '../bars/stale.js';
import { useStale } from '../live/clock.js';
import { useDirectory, loadTeams } from '../people/directory.js';
import { useNames } from '../people/names.js';
import { Ltr } from '../queue/age.js';
import { choose } from '../queue/view.js';
import { useWords } from '../queue/words.js';
import type { Member, Team } from '../wire.js';
import { byReadiness, engagements, teamState } from './team-state.js';

/** Who can go, who is gone and where: one square per person, one line per person who is on something. */
export function TeamBoard(): React.JSX.Element {
  const { t } = useWords();
  const { teams, failed, loaded } = useDirectory();
  const stale = useStale() >= 0;
  const ready = teams.filter((team) => teamState(team) === 'ready').length;
  return (
    <section className={`teams pane${stale ? ' is-stale' : ''}`} aria-label={t('teams.name')} data-region="teams">
      <header className="pane-head">
        <h2>{t('teams.name')}</h2>
        <StaleTag />
        <span className="quiet head-end">{t('teams.ready', { n: ready, of: teams.length })}</span>
      </header>
      {failed.teams && (
        <p className="fault pad">
          {t('state.teamsFailed')}{' '}
          <button type="button" className="verb small" onClick={() => void loadTeams()}>
            {t('act.again')}
          </button>
        </p>
      )}
      {loaded && !failed.teams && teams.length === 0 && <p className="second pad">{t('teams.none')}</p>}
      <div className="team-rows" tabIndex={0} role="group" aria-label={t('teams.name')}>
        {byReadiness(teams).map((team) => (
          <TeamRow key={team.id} team={team} />
        ))}
        {teams.length > 0 && <p className="second pad">{t('teams.legend')}</p>}
      </div>
    </section>
  );
}

function TeamRow({ team }: { team: Team }): React.JSX.Element {
  const { t } = useWords();
  const names = useNames();
  const state = teamState(team);
  const duty = team.members.filter((m) => m.onDuty);
  const free = duty.filter((m) => !m.assignment);
  const on = engagements(team);
  return (
    <div className={`team ${state}`}>
      <div className="team-row">
        <strong className="clip">{names.text(team.name)}</strong>
        <span className="team-state">
          <span className={state === 'ready' ? 'strong' : ''}>{t(`teams.state.${state}`)}</span>
          <span className="second clip">
            {state === 'off' ? t('teams.nobody', { n: team.members.length }) : t('teams.free', { n: free.length, of: duty.length })}
          </span>
        </span>
        <Pips members={team.members} />
      </div>
      {on.map(({ incidentId, number, members }) => (
        <button key={incidentId} type="button" className="team-on" onClick={() => choose(incidentId)}>
          <Ltr>{number}</Ltr>
          <span className="clip">{members.map((m) => `${names.text(m.name)}, ${t(`word.assignment.${m.assignment?.state ?? 'notified'}`)}`).join(' · ')}</span>
        </button>
      ))}
    </div>
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
