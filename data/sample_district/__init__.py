"""A made-up district, 青渡示范区: 合成数据 in the very formats that planners hold."""
