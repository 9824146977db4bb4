/** Who sits down at the table, in order. Made-up names: a player's own never enter the app. */
export const playerNames = ['Anna', 'Boris', 'Vera', 'Gleb', 'Dasha', 'Egor', 'Zoya', 'Ilya'] as const;

export type PlayerName = (typeof playerNames)[number];

export const PLAYERS = { least: 2, most: playerNames.length } as const;

/** The name as a language writes it; one that the app did not give stays as it is. */
export function localName(name: string, written: Readonly<Record<PlayerName, string>>): string {
  const known = playerNames.find((own) => own === name);
  return known ? written[known] : name;
}
