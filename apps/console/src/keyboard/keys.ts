import { stepBack } from '../desk/desk.js';
import * as commands from './commands.js';

/** Physical key (`event.code`, with its modifiers) to act: the same under Urdu and Pinyin layouts. One key, one act. */
export const keys: Readonly<Record<string, (at: number) => void>> = {
  Enter: commands.takeOpen,
  NumpadEnter: commands.takeOpen,
  KeyD: (at) => commands.dispatchRouted(at),
  KeyA: (at) => commands.acknowledgeOpen(at),
  KeyE: commands.escalateOpen,
  KeyZ: commands.undo,
  'Shift+KeyZ': commands.standDownOpen,
  KeyN: commands.writeNote,
  KeyX: commands.resolveOrClose,
  KeyG: commands.nextUntaken,
  KeyJ: () => commands.step(1),
  KeyK: () => commands.step(-1),
  ArrowDown: () => commands.step(1),
  ArrowUp: () => commands.step(-1),
  KeyS: commands.silenceSound,
  KeyI: commands.raise,
  KeyT: commands.showTeams,
  KeyM: commands.showSites,
  KeyL: commands.showLog,
  'Shift+Slash': commands.toggleHelp,
};
/** These work while typing too: a new S1 does not wait for a sentence. */
const always: Readonly<Record<string, (at: number) => void>> = {
  F2: commands.takeInterrupt,
  'Ctrl+Alt+Enter': commands.raise,
  Escape: stepBack,
};

export const KEPT = 'tocsin.keys';
export const keysOn = (): boolean => localStorage.getItem(KEPT) !== 'off';

const nameOf = (e: KeyboardEvent): string =>
  `${e.ctrlKey ? 'Ctrl+' : ''}${e.altKey ? 'Alt+' : ''}${e.metaKey ? 'Meta+' : ''}${e.shiftKey ? 'Shift+' : ''}${e.code}`;

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
/** Enter on a focused button is that button's; arrows in a focused log or table scroll it. */
function ownsKey(target: EventTarget | null, code: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (code === 'Enter' || code === 'NumpadEnter') return /^(BUTTON|A|SUMMARY)$/.test(target.tagName);
  return (
    code.startsWith('Arrow') &&
    target.getAttribute('role') !== 'listbox' &&
    target.tabIndex >= 0 &&
    target !== document.body
  );
}

export function onKey(e: KeyboardEvent): void {
  if (e.isComposing || e.keyCode === 229 || e.defaultPrevented) return;
  const name = nameOf(e);
  const anytime = always[name];
  const act = anytime ?? (keysOn() && !isTyping(e.target) && !ownsKey(e.target, e.code) ? keys[name] : undefined);
  if (!act || (e.repeat && !/^(Key[JK]|Arrow)/.test(e.code))) return;
  if (e.code !== 'Escape') e.preventDefault();
  act(e.timeStamp);
}
