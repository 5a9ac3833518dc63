import { useEffect, useState } from 'react';
import { onFresh, useLive } from '../live/store.js';
import { placeOf, useNames } from '../people/names.js';
import { isS1 } from '../queue/sections.js';
import { useWords } from '../queue/words.js';

/** Says each new S1 once, at once; several in one breath are one sentence. */
export function LiveRegion(): React.JSX.Element {
  const { t, title } = useWords();
  const names = useNames();
  const [said, setSaid] = useState('');
  useEffect(
    () =>
      onFresh((events) => {
        const { incidents } = useLive.getState().world;
        const fresh = events
          .filter((e) => e.type === 'incident.opened')
          .flatMap((e) => incidents.get(e.incidentId ?? '') ?? []);
        const s1 = fresh.filter((i) => isS1(i) && i.state === 'open');
        const one = s1[0];
        if (!one) return;
        const place = placeOf(one, names);
        setSaid(
          s1.length > 1
            ? t('said.many', { n: s1.length })
            : t('said.one', {
                what: title(one),
                where: [place.code, place.name, place.zone].filter(Boolean).join(' '),
              }),
        );
      }),
    [names, t, title],
  );
  return (
    <div className="visually-hidden" role="alert" aria-live="assertive" aria-atomic="true" data-said>
      {said}
    </div>
  );
}
