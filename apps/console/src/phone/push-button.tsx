import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type PushState, pushState, subscribe } from './push.js';

/** "Get pages on this device": asks the browser once, by a press, and tells the gateway where to send. */
export function PushButton({ big = false }: { big?: boolean }): React.JSX.Element {
  const { t } = useTranslation();
  const [state, setState] = useState<PushState | 'asking'>('asking');
  useEffect(() => void pushState().then(setState), []);
  const press = (): void => {
    setState('asking');
    void subscribe().then(setState);
  };
  const may = state === 'off' || state === 'failed';
  return (
    <div className="push">
      {may && (
        <button type="button" className={`verb${big ? ' huge' : ''}`} onClick={press}>
          {t('push.get')}
        </button>
      )}
      <span className="second" role="status">
        {t(`push.state.${state}`)}
      </span>
    </div>
  );
}
