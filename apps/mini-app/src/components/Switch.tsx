import { useId } from 'react';

interface Props {
  readonly label: string;
  readonly hint: string;
  readonly on: boolean;
  readonly testId: string;
  readonly onChange: (on: boolean) => void;
}

/** Something that is on or off. */
export function Switch({ label, hint, on, testId, onChange }: Props) {
  const id = useId();
  return (
    <div className="switch-row">
      <div className="switch-text">
        <strong id={`${id}-label`}>{label}</strong>
        <span className="hint" id={`${id}-hint`}>
          {hint}
        </span>
      </div>
      <button
        type="button"
        role="switch"
        className="switch"
        aria-checked={on}
        aria-labelledby={`${id}-label`}
        aria-describedby={`${id}-hint`}
        data-testid={testId}
        onClick={() => onChange(!on)}
      >
        <span className="switch-knob" />
      </button>
    </div>
  );
}
