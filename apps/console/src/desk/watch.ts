import { onFresh } from '../live/store.js';
import { loadDirectory, refreshTeamsSoon } from '../people/directory.js';
import { armSound } from '../sound/sound.js';

/** Names follow the configuration, teams follow the assignments; the first press of a hand arms the sound. */
export function watchForNames(): () => void {
  const stop = onFresh((events) => {
    if (events.some((e) => e.type === 'config.applied')) void loadDirectory();
    else if (
      events.some(
        (e) => e.type.startsWith('assignment.') || e.type === 'incident.resolved' || e.type === 'incident.closed',
      )
    )
      refreshTeamsSoon();
  });
  const arm = (): void => void armSound();
  document.addEventListener('pointerdown', arm, { once: true });
  document.addEventListener('keydown', arm, { once: true });
  return () => {
    stop();
    document.removeEventListener('pointerdown', arm);
    document.removeEventListener('keydown', arm);
  };
}
