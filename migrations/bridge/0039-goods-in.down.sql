drop table goods_in_turns;
