const paths = {
  play: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17Zm0 5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7Z',
  history: 'M12 7v5l3.5 2M4 12a8 8 0 1 0 2.6-5.9M4 4.5V8h3.5',
  lab: 'M9.5 3.5h5M10.5 3.5v6L5.2 18a1.8 1.8 0 0 0 1.6 2.7h10.4a1.8 1.8 0 0 0 1.6-2.7l-5.3-8.5v-6M8 14.5h8',
  crash: 'M12 4 3 19.5h18L12 4Zm0 6v4.5m0 2.6v.1',
  pulse: 'M3 12.5h4l2.5-7 4.5 13 2.5-6H21',
  back: 'M14.5 5 8 12l6.5 7',
  close: 'M6 6l12 12M18 6 6 18',
  check: 'M5 12.5 10 17.5 19.5 7',
  minus: 'M6 12h12',
  settings:
    'M4 7h8.5M17.5 7H20M4 17h2.5M11.5 17H20M15 4.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5ZM9 14.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5Z',
  next: 'M9.5 5l6.5 7-6.5 7',
  plus: 'M6 12h12M12 6v12',
  offline:
    'M4 9.5a12 12 0 0 1 5-2.6M20 9.5a12 12 0 0 0-6.5-3M7.5 13.2a7.5 7.5 0 0 1 3-1.6M16.5 13.2l-.6-.5M12 17.5v.1M4 4l16 16',
} as const;

export type IconName = keyof typeof paths;

/** A line drawing of 24 units; decoration beside a text or a label. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
