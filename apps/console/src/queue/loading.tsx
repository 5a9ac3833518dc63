import { useMono } from '../live/mono.js';
import { useLive } from '../live/store.js';
import { useWords } from './words.js';

/** Lines for the first 300 ms, then words with the seconds: nothing shown yet is not "no alarms". */
export function Loading(): React.JSX.Element {
  const { t } = useWords();
  const since = useLive((s) => s.loadingSince);
  const lost = useLive((s) => s.attempt > 0);
  const waited = Math.max(0, useMono(100) - since);
  return (
    <div className="loading" aria-busy="true">
      {waited < 300 ? (
        <div className="band-lines" />
      ) : (
        <>
          <strong>{t('state.loading', { s: (waited / 1000).toFixed(1) })}</strong>
          <span className="second">{t(lost ? 'state.noAnswer' : 'state.loadingNote')}</span>
        </>
      )}
    </div>
  );
}
