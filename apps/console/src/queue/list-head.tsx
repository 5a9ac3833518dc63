import { count } from '../i18n/times.js';
import { Ltr } from './age.js';

export function ListHead({
  name,
  n,
  children,
}: {
  name: string;
  n: number;
  children?: React.ReactNode;
}): React.JSX.Element {
  return (
    <div className="list-head">
      <h3>{name}</h3>
      <Ltr className="head-n">{count(n)}</Ltr>
      <span className="head-end">{children}</span>
    </div>
  );
}
