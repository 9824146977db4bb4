/** Who sits down at the table, in order. Made-up names: a player's own never enter the app. */
export const playerNames = ['Anna', 'Boris', 'Vera', 'Gleb', 'Dasha', 'Egor', 'Zoya', 'Ilya'] as const;

export const PLAYERS = { least: 2, most: playerNames.length } as const;
