import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './styles/fonts.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/bars.css';
import './styles/queue.css';
import './styles/workspace.css';
import './styles/proof.css';
import './styles/rail.css';
import './styles/group.css';
import './styles/side.css';
import './styles/form.css';
import './styles/sign-in.css';
import './styles/stale.css';
import './styles/phone.css';
import { App } from './app.js';
import { startTheme } from './desk/theme.js';
import { startLanguages } from './i18n/i18n.js';
import { resume } from './sign-in/session.js';

async function start(): Promise<void> {
  startTheme();
  await startLanguages();
  const root = document.getElementById('app');
  if (!root) throw new Error('index.html has no #app');
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
  await resume();
  // The slices of the Chinese face are listed in 300 kB of CSS: after the first paint.
  void import('./styles/fonts-sc.css');
}

void start();
