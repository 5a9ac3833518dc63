import { perform, useActs } from '../acts/perform.js';
import { useHand } from '../acts/use-hand.js';
import { Verb } from '../acts/verb.js';
import { activeAssignments, why } from '../acts/verbs.js';
import { showPanel, useDesk } from '../desk/desk.js';
import { age } from '../i18n/times.js';
import { resolveOrClose, takeOpen, undo } from '../keyboard/commands.js';
import { useMono } from '../live/mono.js';
import { TwoPeople } from '../mark/mark.js';
import { Ltr } from '../queue/age.js';
import { useWords } from '../queue/words.js';
import type { ActName, Incident } from '../wire.js';
import { NoteLine } from './note-line.js';

/** The verbs of the incident, at one place, the quietening one kept apart at the end. */
export function VerbRail({ incident, narrow }: { incident: Incident; narrow: boolean }): React.JSX.Element {
  const { t } = useWords();
  const more = useDesk((s) => s.more);
  const untaken = incident.state === 'open';
  const hand = useHand();
  return (
    <>
      {more && <MoreVerbs incident={incident} />}
      <div className="rail" role="toolbar" aria-label={t('rail.name')}>
        {narrow && <NoteLine incident={incident} />}
        <Act
          incident={incident}
          act="take"
          cap="Enter"
          primary={untaken}
          hide={why('take', incident, { ...hand, stale: false }) === 'yours-already'}
          onPress={(e) => takeOpen(e.timeStamp)}
        />
        {!narrow && <Act incident={incident} act="acknowledge" cap="KeyA" hide={!untaken} />}
        {!narrow && <PanelVerb incident={incident} act="transfer" hide={untaken} />}
        {!narrow && <Act incident={incident} act="escalate" cap="KeyE" />}
        <Act incident={incident} act="stand-down" cap="Shift+KeyZ" hide={activeAssignments(incident).length === 0} />
        <Verb label={t('rail.more')} pressed={more} onPress={() => useDesk.setState({ more: !more })} />
        {hand.stale && <span className="second">{t('rail.noLink')}</span>}
        <span className="rail-gap" />
        <UndoVerb incident={incident} />
        <CloseVerb incident={incident} />
      </div>
    </>
  );
}

function MoreVerbs({ incident }: { incident: Incident }): React.JSX.Element {
  const { t } = useWords();
  const untaken = incident.state === 'open';
  return (
    <div className="rail more" role="toolbar" aria-label={t('rail.moreName')}>
      <Act incident={incident} act="release" />
      <PanelVerb incident={incident} act="transfer" />
      <PanelVerb incident={incident} act="regrade" />
      <PanelVerb incident={incident} act="accept" panel="behalf" label={t('rail.behalf')} />
      {untaken && <Act incident={incident} act="acknowledge" cap="KeyA" />}
      <Act incident={incident} act="escalate" cap="KeyE" />
      <Act incident={incident} act="reopen" />
    </div>
  );
}

interface ActProps {
  readonly incident: Incident;
  readonly act: ActName;
  readonly cap?: string;
  readonly primary?: boolean;
  readonly hide?: boolean;
  readonly onPress?: (event: React.MouseEvent) => void;
}
function Act({ incident, act, cap, primary = false, hide = false, onPress }: ActProps): React.JSX.Element | null {
  const { t } = useWords();
  const refused = why(act, incident, useHand());
  if (hide) return null;
  return (
    <Verb
      label={t(`word.act.${act}`)}
      {...(cap ? { cap } : {})}
      primary={primary && !refused}
      act={act}
      incident={incident}
      why={refused}
      onPress={onPress ?? (() => void perform(incident, act))}
    />
  );
}

function PanelVerb({
  incident,
  act,
  panel,
  label,
  hide,
}: ActProps & { panel?: 'behalf'; label?: string }): React.JSX.Element | null {
  const { t } = useWords();
  const open = useDesk((s) => s.panel);
  const refused = why(act, incident, useHand());
  const name = panel ?? (act as 'transfer' | 'regrade');
  if (hide) return null;
  return (
    <Verb
      label={label ?? t(`word.act.${act}`)}
      why={refused}
      pressed={open === name}
      onPress={() => showPanel(open === name ? null : name)}
    />
  );
}

/** The slip that can still be taken back, with its seconds; after a dispatch this is the recall. */
function UndoVerb({ incident }: { incident: Incident }): React.JSX.Element | null {
  const { t } = useWords();
  const open = useActs((s) => s.undo);
  const now = useMono(250, open !== null);
  if (!open) return null;
  const left = Math.max(0, Math.ceil((open.until - now) / 1000));
  const what = open.did === 'dispatch' ? t('word.act.recall') : t('act.undo', { act: t(`word.act.${open.did}`) });
  return (
    <Verb
      label={open.incidentId === incident.id ? what : `${what} ${open.number}`}
      cap="KeyZ"
      className="undo"
      onPress={undo}
      tail={<Ltr className="undo-left">{age(left * 1000)}</Ltr>}
    />
  );
}

function CloseVerb({ incident }: { incident: Incident }): React.JSX.Element {
  const { t } = useWords();
  const hand = useHand();
  const act: ActName = incident.state === 'open' || incident.state === 'acknowledged' ? 'resolve' : 'close';
  return (
    <Verb
      label={t(`word.act.${act}`)}
      cap="KeyX"
      danger
      act={act}
      incident={incident}
      why={why(act, incident, hand)}
      onPress={resolveOrClose}
    >
      <TwoPeople />
    </Verb>
  );
}
