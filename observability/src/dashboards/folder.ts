import { fileURLToPath } from 'node:url';
import { type Board, buildBoard } from './board';

/** Where the dashboards of Grafana are checked in, in a folder for each audience. */
export const dashboardsFolder = fileURLToPath(new URL('../../grafana/dashboards/', import.meta.url));

/** Path of a board's file within that folder. */
export const fileOf = ({ audience, name }: Board): string => `${audience}/${name}.json`;

/** The bytes of a board's file. */
export const textOf = (board: Board): string => `${JSON.stringify(buildBoard(board), null, 2)}\n`;
