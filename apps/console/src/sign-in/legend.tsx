import { useTranslation } from 'react-i18next';
import { Mark } from '../mark/mark.js';
import type { Grade } from '../queue/sections.js';

const grades: readonly Grade[] = ['s1', 's2', 's3', 's4', 'sys'];
const looks = ['filled', 'outlined', 'dotted', 'none'] as const;

/** How to read the marks: the alphabet of the desk, without a word about the unit. */
export function Legend(): React.JSX.Element {
  const { t } = useTranslation();
  return (
    <aside className="legend" aria-label={t('legend.name')}>
      <h2>
        {t('legend.name')} <span className="quiet">{t('legend.note')}</span>
      </h2>
      <ul className="legend-grades">
        {grades.map((grade) => (
          <li key={grade}>
            <Mark grade={grade} look="filled" size={56} />
            <strong>{t(`word.grade.${grade}`)}</strong>
            <span className="second">{t(`legend.${grade}`)}</span>
          </li>
        ))}
      </ul>
      <ul className="legend-looks">
        {looks.map((look) => (
          <li key={look}>
            <Mark grade="s2" look={look} size={36} />
            <strong>{t(`legend.look.${look}`)}</strong>
            <span className="second">{t(`legend.lookNote.${look}`)}</span>
          </li>
        ))}
      </ul>
      <p className="second legend-foot">{t('signIn.record')}</p>
    </aside>
  );
}
