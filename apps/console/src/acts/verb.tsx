import { useTranslation } from 'react-i18next';
import { Key } from '../keyboard/key.js';
import { useMono } from '../live/mono.js';
import type { ActName, Incident } from '../wire.js';
import { useActs } from './perform.js';
import type { Why } from './verbs.js';

interface Props {
  readonly label: string;
  readonly cap?: string;
  readonly primary?: boolean;
  readonly danger?: boolean;
  readonly small?: boolean;
  /** Why it cannot be pressed now: said inside the button. */
  readonly why?: Why | string;
  /** Cannot be pressed, and the label says why. */
  readonly off?: boolean;
  readonly pressed?: boolean;
  readonly act?: ActName;
  readonly incident?: Incident;
  readonly className?: string;
  readonly onPress: (event: React.MouseEvent) => void;
  /** Before the label: a drawing. */
  readonly children?: React.ReactNode;
  /** After the key: the seconds that are left. */
  readonly tail?: React.ReactNode;
}

/** A verb: what it does in words, its key printed on it, its reason when it is refused, its seconds while it waits. */
export function Verb(props: Props): React.JSX.Element {
  const { t } = useTranslation();
  const pending = useActs((s) => (props.incident && props.act ? s.pending[props.incident.id] : undefined));
  const waits = pending !== undefined && pending.act === props.act;
  const kind = props.primary ? ' primary' : props.danger ? ' danger' : '';
  // A lost link is said once, beside the verbs.
  const said = props.why && props.why !== 'no-link' ? t(`why.${props.why}`, { defaultValue: props.why }) : '';
  return (
    <button
      type="button"
      className={`verb${kind}${props.small ? ' small' : ''} ${props.className ?? ''}`}
      disabled={props.off === true || Boolean(props.why)}
      aria-pressed={props.pressed}
      data-act={props.act}
      onClick={props.onPress}
    >
      {props.children}
      {waits ? (
        <Waiting act={pending.act} since={pending.since} />
      ) : (
        <span>{said ? `${props.label} · ${said}` : props.label}</span>
      )}
      {props.cap && <Key of={props.cap} />}
      {props.tail}
    </button>
  );
}

function Waiting({ act, since }: { act: ActName; since: number }): React.JSX.Element {
  const { t } = useTranslation();
  const now = useMono(100);
  return (
    <span>{t('act.waiting', { act: t(`word.act.${act}`), s: (Math.max(0, now - since) / 1000).toFixed(1) })}</span>
  );
}
