import type { RankingDocument } from '#schemas/ranking/rankings-view.ts';
import { rankings } from '../projectors/ranking/rankings.ts';

/**
 * Tomorrow's code: `node --import` of this, and any service is one whose view of the rankings has
 * the next version, in which titles are written in capitals.
 */

const derive = rankings.derive as (ranking: RankingDocument) => RankingDocument;
rankings.view.version += 1;
rankings.derive = (ranking: RankingDocument): RankingDocument => {
  const { movie, ...rest } = derive(ranking);
  return { ...rest, movie: movie && { ...movie, title: movie.title.toUpperCase() } };
};
