import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { DeskScreen } from './desk/desk-screen.js';
import { usePhone } from './desk/use-narrow.js';
import { useLive } from './live/store.js';
import { Phone } from './phone/phone.js';
import { revoked, useSession } from './sign-in/session.js';
import { SignIn } from './sign-in/sign-in.js';

export function App(): React.JSX.Element {
  const { t } = useTranslation();
  const { status, user } = useSession();
  const link = useLive((s) => s.link);
  const small = usePhone();
  useEffect(() => {
    if (link === 'revoked') revoked();
  }, [link]);
  if (status === 'unknown') return <p className="second pad">{t('signIn.asking')}</p>;
  if (status === 'out' || !user) return <SignIn />;
  const onlyResponder = user.roles.every((r) => r === 'responder');
  return small || onlyResponder ? <Phone /> : <DeskScreen />;
}
