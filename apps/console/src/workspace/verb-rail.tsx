import { perform, UNDO_MS, useActs } from '../acts/perform.js';
import { useHand } from '../acts/use-hand.js';
import { Verb } from '../acts/verb.js';
import { why } from '../acts/verbs.js';
import { type Panel, showPanel, useDesk } from '../desk/desk.js';
import { age, localTime } from '../i18n/times.js';
import { ms, useSecond } from '../live/clock.js';
import { resolveOrClose, takeOpen, undo } from '../keyboard/commands.js';
import { useMono } from '../live/mono.js';
import { TwoPeople } from '../mark/mark.js';
import { Ltr } from '../queue/age.js';
import { useWords } from '../queue/words.js';
import type { ActName, Incident } from '../wire.js';
import { NoteLine } from './note-line.js';
import { type RailItem, railOf } from './rail.js';
import { useEvents } from './record.js';

const caps: Partial<Record<RailItem, string>> = {
  take: 'Enter',
  acknowledge: 'KeyA',
  escalate: 'KeyE',
  'stand-down': 'Shift+KeyZ',
};
const panels: readonly RailItem[] = ['transfer', 'regrade', 'behalf'];

/** The verbs of the incident, at one place, the quietening one kept apart at the end. */
export function VerbRail({ incident, narrow }: { incident: Incident; narrow: boolean }): React.JSX.Element {
  const { t } = useWords();
  const more = useDesk((s) => s.more);
  const hand = useHand();
  const items = railOf(incident, hand, narrow);
  if (hand.acts.length === 0)
    return (
      <div className="rail">
        <span className="second">{t('rail.readOnly')}</span>
      </div>
    );
  return (
    <>
      {more && items.more.length > 0 && (
        <div className="rail more" role="toolbar" aria-label={t('rail.moreName')}>
          {items.more.map((item) => (
            <Item key={item} incident={incident} item={item} />
          ))}
        </div>
      )}
      <div className="rail" role="toolbar" aria-label={t('rail.name')}>
        {narrow && <NoteLine incident={incident} />}
        {items.rail.map((item) => (
          <Item key={item} incident={incident} item={item} />
        ))}
        {items.more.length > 0 && (
          <Verb label={t('rail.more')} pressed={more} onPress={() => useDesk.setState({ more: !more })} />
        )}
        {hand.stale && <span className="second">{t('rail.noLink')}</span>}
        <span className="rail-gap" />
        <UndoVerb incident={incident} />
        <CloseVerb incident={incident} />
      </div>
    </>
  );
}

function Item({ incident, item }: { incident: Incident; item: RailItem }): React.JSX.Element {
  const { t } = useWords();
  const open = useDesk((s) => s.panel);
  const act: ActName = item === 'behalf' ? 'accept' : item;
  const refused = why(act, incident, useHand());
  const isPanel = panels.includes(item);
  const press = (e: React.MouseEvent): void => {
    if (isPanel) showPanel(open === item ? null : (item as Panel));
    else if (item === 'take') takeOpen(e.timeStamp);
    else void perform(incident, act);
  };
  return (
    <Verb
      label={item === 'behalf' ? t('rail.behalf') : t(`word.act.${item}`)}
      {...(caps[item] ? { cap: caps[item] } : {})}
      {...(isPanel ? { pressed: open === item } : { act, incident })}
      primary={item === 'take' && incident.state === 'open' && !refused}
      why={refused}
      onPress={press}
    />
  );
}

/** The slip that can still be taken back, with its seconds; after a dispatch this is the recall. */
function UndoVerb({ incident }: { incident: Incident }): React.JSX.Element | null {
  const { t } = useWords();
  const open = useActs((s) => s.undo);
  const now = useMono(250, open !== null);
  if (!open) return <RecallEnded incident={incident} />;
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

/** When the last dispatch could be called back no more: the key then does nothing, and says so. */
function RecallEnded({ incident }: { incident: Incident }): React.JSX.Element | null {
  const { t } = useWords();
  const { me } = useHand();
  const second = useSecond();
  const sent = useEvents(incident.id).findLast((e) => e.type === 'assignment.dispatched');
  const ended = sent ? ms(sent.at) + UNDO_MS : Number.POSITIVE_INFINITY;
  if (incident.state !== 'acknowledged' || incident.owner !== me || ended > second * 1000) return null;
  return <Verb label={t('rail.recallEnded', { time: localTime(ended) })} cap="KeyZ" off onPress={() => undefined} />;
}
