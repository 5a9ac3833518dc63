import { Mark } from '../mark/mark.js';
import { placeOf, useNames } from '../people/names.js';
import { Age, Ltr } from '../queue/age.js';
import { lookOf } from '../queue/row.js';
import { grade } from '../queue/sections.js';
import { gradeName, useWords } from '../queue/words.js';
import type { Incident } from '../wire.js';

export function PhoneRow({ incident, onOpen }: { incident: Incident; onOpen: () => void }): React.JSX.Element {
  const { t, title } = useWords();
  const names = useNames();
  const place = placeOf(incident, names);
  return (
    <button type="button" className="phone-row" onClick={onOpen}>
      <Mark grade={grade(incident)} look={lookOf(incident)} size={40} />
      <span className="phone-row-text">
        <strong>
          <bdi>{title(incident)}</bdi>
        </strong>
        <span>
          <Ltr>{place.code}</Ltr> {[place.name, place.zone].filter(Boolean).join(' · ')}
        </span>
        <span className="second">{gradeName(t, incident)}</span>
      </span>
      <Age since={incident.openedAt} />
    </button>
  );
}
