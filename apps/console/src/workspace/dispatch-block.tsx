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
import { dispatchTarget, type Sendable, sendables } from './plan.js';

/** Who can be sent, the routed team first, and the key that sends it at once. */
export function DispatchBlock({ incident, narrow }: { incident: Incident; narrow: boolean }): React.JSX.Element {
  const { t } = useWords();
  const list = sendables(
    useDirectory((s) => s.teams),
    incident,
  );
  const routed = list.find((s) => s.team.id === incident.team);
  const target = dispatchTarget(list, incident);
  const next = target?.backup ? list.find((s) => s.team.id === target.team.id) : undefined;
  const room = (narrow ? 2 : 3) - (routed ? 1 : 0) - (next ? 1 : 0);
  const others = list.filter((s) => s !== routed && s !== next && s.onDuty > 0).slice(0, room);
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
      {routed && <TeamLine send={routed} word={t('plan.routed')} />}
      {next && <TeamLine send={next} word={t('plan.backup')} />}
      <DispatchVerbs incident={incident} />
      {others.map((s) => (
        <TeamLine key={s.team.id} send={s} word={t('plan.next')} />
      ))}
    </section>
  );
}

function DispatchVerbs({ incident }: { incident: Incident }): React.JSX.Element | null {
  const { t } = useWords();
  const names = useNames();
  const hand = useHand();
  const teams = useDirectory((s) => s.teams);
  const panel = useDesk((s) => s.panel);
  const list = sendables(teams, incident);
  const target = dispatchTarget(list, incident);
  const refused = why('dispatch', incident, hand);
  if (refused === 'state' || hand.acts.length === 0) return null;
  const nobody = target !== null && list.find((s) => s.team.id === target.team.id)?.onDuty === 0;
  const team = target ? names.text(target.team.name) : '';
  const label = target ? t(target.backup ? 'plan.dispatchBackup' : 'plan.dispatch', { team }) : t('word.act.dispatch');
  return (
    <>
      <div className="plan-verbs">
        <Verb
          label={refused === 'no-link' ? t('plan.noLink') : label}
          cap="KeyD"
          primary={!isUntaken(incident) && !refused && !nobody}
          act="dispatch"
          incident={incident}
          why={refused ?? (nobody ? 'nobody-on-duty' : null)}
          onPress={() => dispatchRouted()}
        />
        <Verb
          label={t('plan.choose')}
          pressed={panel === 'dispatch'}
          why={refused}
          onPress={() => showPanel(panel === 'dispatch' ? null : 'dispatch')}
        />
      </div>
      <p className="second">{t('plan.atOnce')}</p>
    </>
  );
}

function TeamLine({ send, word }: { send: Sendable; word: string }): React.JSX.Element {
  const { t } = useWords();
  const names = useNames();
  return (
    <div className="team-line">
      <strong>{names.text(send.team.name)}</strong>
      <span>
        {t('plan.free', { n: send.free, of: send.onDuty })}
        <span className="second">{send.here > 0 ? t('plan.here', { n: send.here }) : word}</span>
      </span>
    </div>
  );
}
