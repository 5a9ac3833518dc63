import { useHand } from '../acts/use-hand.js';
import { Verb } from '../acts/verb.js';
import { why } from '../acts/verbs.js';
import { showPanel, useDesk } from '../desk/desk.js';
import { dispatchRouted } from '../keyboard/commands.js';
import { useDirectory } from '../people/directory.js';
import { useNames } from '../people/names.js';
import { Ltr } from '../queue/age.js';
import { isUntaken } from '../queue/sections.js';
import { useWords } from '../queue/words.js';
import type { Incident } from '../wire.js';
import { type Sendable, sendables } from './plan.js';

/** Who can be sent, the routed team first, and the key that sends it at once. */
export function DispatchBlock({ incident }: { incident: Incident }): React.JSX.Element {
  const { t } = useWords();
  const names = useNames();
  const hand = useHand();
  const teams = useDirectory((s) => s.teams);
  const panel = useDesk((s) => s.panel);
  const list = sendables(teams, incident);
  const routed = list.find((s) => s.team.id === incident.team);
  const refused = why('dispatch', incident, hand);
  const nobody = routed !== undefined && routed.onDuty === 0;
  const name = names.team(incident.team);
  return (
    <section className="plan" aria-label={t('plan.name')}>
      <h2>
        {t('plan.name')}
        {incident.route && (
          <span className="quiet head-end">
            {t('plan.route')} <Ltr>{incident.route}</Ltr>
          </span>
        )}
      </h2>
      {routed && <TeamLine send={routed} routed />}
      <div className="plan-verbs">
        <Verb
          label={refused === 'no-link' ? t('plan.noLink') : name ? t('plan.dispatch', { team: name }) : t('word.act.dispatch')}
          cap="KeyD"
          primary={!isUntaken(incident) && !refused}
          act="dispatch"
          incident={incident}
          why={refused === 'no-link' ? null : (refused ?? (nobody ? 'nobody-on-duty' : null))}
          className={refused === 'no-link' ? 'refused' : ''}
          onPress={() => dispatchRouted()}
        />
        <Verb label={t('plan.choose')} pressed={panel === 'dispatch'} why={refused} onPress={() => showPanel(panel === 'dispatch' ? null : 'dispatch')} />
      </div>
      <p className="second">{t('plan.atOnce')}</p>
      {list
        .filter((s) => s !== routed && s.onDuty > 0)
        .slice(0, 3)
        .map((s) => (
          <TeamLine key={s.team.id} send={s} />
        ))}
    </section>
  );
}

function TeamLine({ send, routed = false }: { send: Sendable; routed?: boolean }): React.JSX.Element {
  const { t } = useWords();
  const names = useNames();
  return (
    <div className="team-line">
      <strong>{names.text(send.team.name)}</strong>
      <span>
        {t('plan.free', { n: send.free, of: send.onDuty })}
        <span className="second">{send.here > 0 ? t('plan.here', { n: send.here }) : routed ? t('plan.routed') : t('plan.next')}</span>
      </span>
    </div>
  );
}
