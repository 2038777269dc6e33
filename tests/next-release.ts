import type { RankingDocument } from '#schemas/ranking/rankings-view.ts';
import { rankings } from '../projectors/ranking/rankings.ts';

/**
 * The code of a later release: a service that is started with `node --import` of this file has the
 * next version of the view of the rankings, in which titles are written in capitals.
 */

const derive = rankings.derive as (ranking: RankingDocument) => RankingDocument;
rankings.view.version += 1;
rankings.derive = (ranking: RankingDocument): RankingDocument => {
  const { movie, ...rest } = derive(ranking);
  return { ...rest, movie: movie && { ...movie, title: movie.title.toUpperCase() } };
};
