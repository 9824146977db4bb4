import { languages } from './language';
import { useLanguageChoice, useTexts } from './useTexts';

/** Each language under its own name, so that it is found by whoever cannot read the present one. */
const ownNames = { en: 'English', ru: 'Русский' } as const;

export function LanguageChooser() {
  const { settings } = useTexts().texts;
  const [choice, choose] = useLanguageChoice();
  return (
    <fieldset className="card segments">
      <legend>{settings.language}</legend>
      {(['auto', ...languages] as const).map((option) => (
        <label key={option} className="segment" data-testid={`language-${option}`}>
          <input
            type="radio"
            name="language"
            value={option}
            checked={option === choice}
            onChange={() => choose(option)}
          />
          {option === 'auto' ? settings.automatic : <span lang={option}>{ownNames[option]}</span>}
        </label>
      ))}
    </fieldset>
  );
}
