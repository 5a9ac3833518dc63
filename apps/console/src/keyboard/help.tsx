import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useDesk } from '../desk/desk.js';
import { Key } from './key.js';

const list: readonly (readonly [code: string, text: string])[] = [
  ['Enter', 'take'],
  ['KeyD', 'dispatch'],
  ['F2', 'interrupt'],
  ['KeyG', 'next'],
  ['KeyJ', 'down'],
  ['KeyK', 'up'],
  ['KeyA', 'acknowledge'],
  ['KeyE', 'escalate'],
  ['KeyN', 'note'],
  ['KeyZ', 'undo'],
  ['Shift+KeyZ', 'standDown'],
  ['KeyX', 'close'],
  ['KeyS', 'silence'],
  ['KeyI', 'raise'],
  ['KeyT', 'teams'],
  ['KeyM', 'sites'],
  ['KeyL', 'log'],
  ['Escape', 'back'],
  ['Slash', 'help'],
];

/** Every key and its one act. */
export function Help(): React.JSX.Element | null {
  const { t } = useTranslation();
  const open = useDesk((s) => s.help);
  const close = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (open) close.current?.focus();
  }, [open]);
  if (!open) return null;
  return (
    <div className="help" role="dialog" aria-modal="false" aria-label={t('help.name')}>
      <h2>
        {t('help.name')} <span className="quiet">{t('help.note')}</span>
      </h2>
      <dl>
        {list.map(([code, text]) => (
          <div key={code}>
            <dt>
              <Key of={code} />
            </dt>
            <dd>{t(`help.${text}`)}</dd>
          </div>
        ))}
      </dl>
      <button ref={close} type="button" className="verb" onClick={() => useDesk.setState({ help: false })}>
        {t('act.leave')} <Key of="Escape" />
      </button>
    </div>
  );
}
