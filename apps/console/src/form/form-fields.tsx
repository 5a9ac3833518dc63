import { useEffect, useRef } from 'react';
import { Mark } from '../mark/mark.js';
import { useDirectory } from '../people/directory.js';
import { useNames } from '../people/names.js';
import { count } from '../i18n/times.js';
import { Ltr } from '../queue/age.js';
import { categoryOf, useWords } from '../queue/words.js';
import type { Severity } from '../wire.js';
import { catalogue, type FormFault, setCategory, useRaise } from './raise-draft.js';

const set = useRaise.setState;

export function FormFields({ faults }: { faults: readonly FormFault[] }): React.JSX.Element {
  const { t } = useWords();
  const names = useNames();
  const sites = useDirectory((s) => s.sites);
  const draft = useRaise();
  const zones = sites.get(draft.site)?.zones ?? [];
  const first = useRef<HTMLSelectElement>(null);
  useEffect(() => first.current?.focus(), []);
  return (
    <div className="form-grid">
      <Field name={t('form.site')} needed fault={faults.includes('site') ? t('form.fault.site') : ''}>
        <select
          ref={first}
          value={draft.site}
          required={false}
          onChange={(e) => set({ site: e.target.value, zone: '' })}
        >
          <option value="">{t('form.choose')}</option>
          {[...sites.values()].map((s) => (
            <option key={s.id} value={s.id}>
              {`${s.code ?? ''} ${names.text(s.name)}`.trim()}
            </option>
          ))}
        </select>
      </Field>
      <Field name={t('form.zone')}>
        <select value={draft.zone} disabled={zones.length === 0} onChange={(e) => set({ zone: e.target.value })}>
          <option value="">{t('form.noZone')}</option>
          {zones.map((z) =>
            typeof z === 'string' ? (
              <option key={z}>{z}</option>
            ) : (
              <option key={z.id} value={z.id}>
                {names.text(z.name) || z.id}
              </option>
            ),
          )}
        </select>
      </Field>
      <Field name={t('form.category')} needed fault={faults.includes('category') ? t('form.fault.category') : ''}>
        <select value={draft.category} onChange={(e) => setCategory(e.target.value)}>
          <option value="">{t('form.choose')}</option>
          {catalogue.map(([category]) => (
            <option key={category} value={category}>
              {categoryOf(t, category)}
            </option>
          ))}
        </select>
      </Field>
      <Field
        name={t('form.saidAt')}
        note={t('form.saidAtNote')}
        fault={faults.includes('saidAt') ? t('form.fault.saidAt') : ''}
      >
        <input
          value={draft.saidAt}
          dir="ltr"
          inputMode="numeric"
          placeholder="hh:mm"
          maxLength={5}
          autoComplete="off"
          onChange={(e) => set({ saidAt: timeOf(e.target.value) })}
        />
      </Field>
      <Field name={t('form.what')} needed wide fault={faults.includes('title') ? t('form.fault.title') : ''}>
        <input
          value={draft.title}
          dir="auto"
          maxLength={512}
          autoComplete="off"
          onChange={(e) => set({ title: e.target.value })}
        />
      </Field>
      <Severities />
      <Field name={t('form.words')} note={t('form.wordsNote')} wide>
        <textarea
          value={draft.description}
          dir="auto"
          rows={3}
          maxLength={8000}
          onChange={(e) => set({ description: e.target.value })}
        />
        <Ltr className="second end">{`${count(draft.description.length)} / 8,000`}</Ltr>
      </Field>
      <Field name={t('form.caller')} note={t('form.callerNote')}>
        <input
          value={draft.caller}
          dir="auto"
          maxLength={200}
          autoComplete="off"
          onChange={(e) => set({ caller: e.target.value })}
        />
      </Field>
      <Field name={t('form.callBack')}>
        <input
          value={draft.callBack}
          dir="ltr"
          inputMode="tel"
          maxLength={40}
          autoComplete="off"
          onChange={(e) => set({ callBack: e.target.value })}
        />
      </Field>
    </div>
  );
}

interface FieldProps {
  readonly name: string;
  readonly note?: string;
  readonly needed?: boolean;
  readonly wide?: boolean;
  readonly fault?: string;
  readonly children: React.ReactNode;
}
function Field({ name, note, needed = false, wide = false, fault = '', children }: FieldProps): React.JSX.Element {
  const { t } = useWords();
  return (
    <label className={`field-block${wide ? ' wide' : ''}${fault ? ' has-fault' : ''}`}>
      <span>
        {name} {(needed || note) && <span className="quiet">{note ?? t('form.needed')}</span>}
      </span>
      {children}
      {fault && <strong className="fault-word">{fault}</strong>}
    </label>
  );
}

const grades: readonly (readonly [Severity, 's1' | 's2' | 's3' | 's4'])[] = [
  ['critical', 's1'],
  ['high', 's2'],
  ['medium', 's3'],
  ['low', 's4'],
];
function Severities(): React.JSX.Element {
  const { t } = useWords();
  const { severity, graded } = useRaise();
  return (
    <fieldset className="field-block wide">
      <legend>{t('form.severity')}</legend>
      <div className="segments" role="radiogroup" aria-label={t('form.severity')}>
        {grades.map(([name, grade]) => (
          <label key={name} className={`segment${severity === name ? ' on' : ''}`}>
            <input
              type="radio"
              name="severity"
              checked={severity === name}
              onChange={() => set({ severity: name, graded: true })}
            />
            <Mark grade={grade} look="filled" size={24} />
            <span>{t(`word.severity.${name}`)}</span>
          </label>
        ))}
      </div>
      <span className="second">{t(graded ? 'form.graded' : 'form.fromCatalogue')}</span>
    </fieldset>
  );
}

/** "213" and "0213" are typed as fast as "02:13" and mean it. */
const timeOf = (typed: string): string => (/^\d{3,4}$/.test(typed) ? `${typed.slice(0, 2)}:${typed.slice(2)}` : typed);
