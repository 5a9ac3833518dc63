import { StaleTag } from '../bars/stale.js';
import { localTime, offset } from '../i18n/times.js';
import { clock, useSecond } from '../live/clock.js';
import { useNames } from '../people/names.js';
import { Ltr } from '../queue/age.js';
import { useWords } from '../queue/words.js';
import type { Incident } from '../wire.js';
import { loadDeliveries, useRecord } from './record.js';
import { type Proof, proofs, type Square } from './proof.js';
import { reasonText } from './sentence.js';

/** Per person: sent, on the device, seen, accepted: a square is full when it is proven, dashed when proof is overdue. */
export function ProofTable({ incident }: { incident: Incident }): React.JSX.Element {
  const { t } = useWords();
  const open = useRecord((s) => (s.open?.id === incident.id ? s.open : null));
  useSecond();
  const rows = proofs(incident, open?.deliveries ?? [], open?.events ?? [], clock.now());
  const sent = rows.filter((r) => r.assignment);
  return (
    <section className="proof" aria-label={t('proof.name')}>
      <h2>
        {t('proof.name')}
        <StaleTag />
        {sent.length > 0 && (
          <span className="quiet head-end">
            {t('proof.accepted', { n: sent.filter((r) => r.assignment?.state !== 'notified').length, of: sent.length })}
          </span>
        )}
      </h2>
      {open?.deliveriesAt === 'failed' && (
        <p className="fault">
          {t('state.proofFailed')}{' '}
          <button type="button" className="verb small" onClick={() => void loadDeliveries(incident.id)}>
            {t('act.again')}
          </button>
        </p>
      )}
      {rows.length === 0 ? (
        <p className="second pad-y">{t(open?.deliveriesAt === 'loading' ? 'state.loadingShort' : 'proof.none')}</p>
      ) : (
        <Table rows={rows} />
      )}
    </section>
  );
}

function Table({ rows }: { rows: readonly Proof[] }): React.JSX.Element {
  const { t } = useWords();
  return (
    <div className="proof-scroll" tabIndex={0} role="group" aria-label={t('proof.name')}>
      <table>
        <thead>
          <tr>
            {(['person', 'sent', 'onDevice', 'seen', 'accepted', 'now'] as const).map((name) => (
              <th key={name} scope="col" className={name}>
                {t(`proof.head.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <ProofRow key={row.key} row={row} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ProofRow({ row }: { row: Proof }): React.JSX.Element {
  const { t } = useWords();
  const names = useNames();
  const since = (at: number | null): string | null =>
    at === null ? null : row.sentAt === null ? localTime(at) : offset(at - row.sentAt);
  const waits = row.sentAt === null;
  return (
    <tr>
      <th scope="row">
        <bdi>{row.person ? names.person(row.person) : row.target}</bdi>
        {row.channel && (
          <span className="quiet"> {t(`word.channel.${row.channel}`, { defaultValue: row.channel })}</span>
        )}
      </th>
      <Cell
        square={row.sent}
        text={waits ? '—' : row.sent === 'missing' ? null : localTime(row.sentAt ?? 0)}
        word={t('proof.notSent')}
      />
      <Cell
        square={row.sent === 'missing' ? 'empty' : row.device}
        text={row.sent === 'missing' ? '—' : row.device === 'missing' ? null : (since(row.deliveredAt) ?? '—')}
        word={t('proof.noReceipt')}
      />
      <Cell square={row.seenAt === null ? 'empty' : 'full'} text={since(row.seenAt) ?? '—'} />
      <Cell square={row.acceptedAt === null ? 'empty' : 'full'} text={since(row.acceptedAt) ?? '—'} />
      <td className="now">
        <Now row={row} />
      </td>
    </tr>
  );
}

function Now({ row }: { row: Proof }): React.JSX.Element {
  const { t } = useWords();
  const names = useNames();
  if (row.assignment) return <>{t(`word.assignment.${row.assignment.state}`)}</>;
  const why = row.state === 'failed' || row.state === 'suppressed' ? reasonText(t, row.reason, names) : '';
  const words = [t(`word.delivery.${row.state}`, { defaultValue: row.state })];
  if (why) words.push(why);
  if (row.tries > 1) words.push(t('proof.tries', { n: row.tries }));
  return <span title={words.join(' · ')}>{words.join(' · ')}</span>;
}

function Cell({ square, text, word }: { square: Square; text: string | null; word?: string }): React.JSX.Element {
  return (
    <td>
      <span className={`square ${square}`} />
      {text === null ? (
        <span className="quiet">{word}</span>
      ) : (
        <Ltr className={text === '—' ? 'quiet' : ''}>{text}</Ltr>
      )}
    </td>
  );
}
