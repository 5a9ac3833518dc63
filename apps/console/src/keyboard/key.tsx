const caps: Readonly<Record<string, string>> = {
  Enter: 'Enter',
  Escape: 'Esc',
  F2: 'F2',
  Slash: '?',
  'Shift+KeyZ': '⇧Z',
  'Ctrl+Alt+Enter': 'Ctrl Alt Enter',
};
export const capOf = (code: string): string => caps[code] ?? code.replace(/^Key/, '');

/** A key printed where it works: the physical key's Latin name, left to right in every language. */
export function Key({ of }: { of: string }): React.JSX.Element {
  return (
    <kbd dir="ltr" className="key">
      {capOf(of)}
    </kbd>
  );
}
