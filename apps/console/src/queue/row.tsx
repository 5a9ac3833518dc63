import { memo, useLayoutEffect } from 'react';
import { useDesk } from '../desk/desk.js';
import { Mark, type Look } from '../mark/mark.js';
import { placeOf, useNames } from '../people/names.js';
import type { Incident } from '../wire.js';
import { Age, Ltr } from './age.js';
import { painted } from './painted.js';
import { markPainted } from './paint-mark.js';
import { press } from './press.js';
import { grade, isUntaken } from './sections.js';
import { gradeWord, response, useWords } from './words.js';

export const lookOf = (i: Incident): Look =>
  !isUntaken(i) ? 'outlined' : i.condition === 'normal' ? 'dotted' : 'filled';

interface Props {
  readonly incident: Incident;
  readonly list: string;
  readonly slot: number;
  readonly of: number;
}

/** One line of the queue: shape, age over grade, event over place, owner over response. */
export const Row = memo(function Row({ incident, list, slot, of }: Props): React.JSX.Element {
  const selected = useDesk((s) => s.selected === incident.id);
  const { t, title } = useWords();
  const untaken = isUntaken(incident);
  useLayoutEffect(() => {
    if (painted.seen(incident.id, `${list}:${slot}`)) markPainted(incident.id);
  }, [incident.id, list, slot]);
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: focus stays on the list, which names this row (aria-activedescendant)
    <div
      id={`row-${incident.id}`}
      role="option"
      aria-selected={selected}
      aria-posinset={slot + 1}
      aria-setsize={of}
      className={`row${selected ? ' selected' : ''}${untaken ? ' untaken' : ''}`}
      onPointerDown={(e) => press(incident.id, e.nativeEvent)}
    >
      <Mark grade={grade(incident)} look={lookOf(incident)} size={32} pulse={untaken && pulses(incident)} />
      <div className="row-age">
        <Age since={incident.openedAt} />
        <span className="second">{gradeWord(t, incident)}</span>
      </div>
      <What incident={incident} title={title(incident)} />
      <Who incident={incident} />
    </div>
  );
});

const pulses = (i: Incident): boolean => grade(i) === 's1' || grade(i) === 's2';

function What({ incident, title }: { incident: Incident; title: string }): React.JSX.Element {
  const { t } = useWords();
  const names = useNames();
  const place = placeOf(incident, names);
  return (
    <div className="row-what">
      <span className="name">
        <bdi>{title}</bdi>
        {incident.alertCount > 1 && (
          <span className="times">
            <Ltr>×{incident.alertCount}</Ltr>
          </span>
        )}
      </span>
      <span className="second clip">
        {place.code && <Ltr>{place.code}</Ltr>} <bdi>{place.name || t('facts.noSite')}</bdi>
        {place.zone && (
          <>
            {' · '}
            <bdi>{place.zone}</bdi>
          </>
        )}
      </span>
    </div>
  );
}

function Who({ incident }: { incident: Incident }): React.JSX.Element {
  const { t } = useWords();
  const names = useNames();
  const tooNew = useDesk((s) => s.tooNew?.id === incident.id);
  const owner = incident.owner ? names.person(incident.owner) : '';
  return (
    <div className="row-who">
      <span className="clip">
        {isUntaken(incident) ? [t('row.untaken'), owner].filter(Boolean).join(' · ') : owner || t('row.noOwner')}
      </span>
      {tooNew ? (
        <strong className="second too-new">{t('row.tooNew')}</strong>
      ) : (
        <span className="second clip">{response(t, incident) || '\u00a0'}</span>
      )}
    </div>
  );
}
